"""Version 2: what each party owes, how it is seen, how it reports and is checked."""

# ruff: noqa: E501 (a paragraph is one line, as lawyers will see it in the editor)

from conventions.reference.clauses.base import ClauseText

_DUTIES = "Engagements du bénéficiaire"
_SEEN = "Communication et visibilité"
_REPORT = "Compte rendu d’emploi et bilan"
_LOGO = "Le nom et le logotype de l’OPT-NC sont utilisés dans le respect de sa charte graphique, après son accord sur les supports."
_OWN_VOICE = "L’OPT-NC peut faire état de son soutien dans sa propre communication."
_NO_ADVERTISING = (
    "restent sans commune mesure avec le soutien reçu et ne constituent pas une prestation publicitaire"
)
_INFORM = "informe les autres parties sans délai de tout fait qui modifie ou retarde la réalisation du projet, ainsi que de tout changement de ses statuts, de ses dirigeants ou de son siège"

DUTIES = (
    ClauseText(
        code="engagements_opt",
        position=57,
        condition="engagements_opt",
        heading="Engagements de l’OPT-NC",
        body="""Outre le soutien prévu par la présente convention, l’OPT-NC s’engage à :

{{ liste_engagements_opt }}""",
    ),
    ClauseText(
        code="engagements_beneficiaire",
        variant="liste",
        label="Avec la liste des engagements",
        position=60,
        condition="engagements_listes",
        heading=_DUTIES,
        body=f"""{{{{ Le_beneficiaire }}}} s’engage à :

{{{{ liste_engagements }}}}

{{{{ Le_beneficiaire }}}} emploie le soutien reçu conformément à l’objet de la présente convention, et {_INFORM}.""",
    ),
    ClauseText(
        code="engagements_beneficiaire",
        variant="general",
        label="Engagements généraux",
        position=60,
        heading=_DUTIES,
        body=f"""{{{{ Le_beneficiaire }}}} s’engage à réaliser le projet décrit dans la présente convention et à employer le soutien reçu conformément à l’objet de celle-ci.

{{{{ Le_beneficiaire }}}} {_INFORM}.""",
    ),
    ClauseText(
        code="engagements_autres",
        position=65,
        condition="engagements_autres",
        heading="Engagements des autres parties",
        body="""{{ engagements_autres_parties }}

Chaque partie répond seule de ses propres engagements, sans solidarité avec les autres.""",
    ),
)

VISIBILITY = (
    ClauseText(
        code="communication",
        variant="contreparties",
        label="Avec la liste des contreparties",
        position=70,
        condition="visibilite_listee",
        heading=_SEEN,
        body=f"""{{{{ Le_beneficiaire }}}} mentionne le soutien de l’OPT-NC dans ses actions de communication relatives au projet, et s’engage à :

{{{{ liste_contreparties }}}}

{_LOGO} {_OWN_VOICE}""",
    ),
    ClauseText(
        code="communication",
        variant="mecenat_liste",
        label="Mécénat, avec la liste de ce que fait le bénéficiaire",
        position=70,
        kinds=("mecenat",),
        condition="visibilite_listee",
        heading=_SEEN,
        body=f"""{{{{ Le_beneficiaire }}}} peut mentionner le nom de l’OPT-NC en qualité de mécène, et s’engage à :

{{{{ liste_contreparties }}}}

Ces mentions {_NO_ADVERTISING}. {_LOGO} {_OWN_VOICE}""",
    ),
    ClauseText(
        code="communication",
        variant="partenariat",
        position=70,
        heading=_SEEN,
        body=f"""{{{{ Le_beneficiaire }}}} mentionne le soutien de l’OPT-NC dans ses actions de communication relatives au projet.

{_LOGO} {_OWN_VOICE}""",
    ),
    ClauseText(
        code="communication",
        variant="mecenat",
        position=70,
        kinds=("mecenat",),
        heading=_SEEN,
        body=f"""{{{{ Le_beneficiaire }}}} peut mentionner le nom de l’OPT-NC en qualité de mécène. Les mentions qui en sont faites {_NO_ADVERTISING}.

{_LOGO} {_OWN_VOICE}""",
    ),
    ClauseText(
        code="communication",
        variant="parrainage",
        position=70,
        kinds=("parrainage",),
        heading=_SEEN,
        body=f"""En échange du soutien reçu, {{{{ le_beneficiaire }}}} fournit à l’OPT-NC les contreparties suivantes :

{{{{ liste_contreparties }}}}

{_LOGO} {_OWN_VOICE}""",
    ),
    ClauseText(
        code="images",
        position=72,
        heading="Images et propriété intellectuelle",
        body="""L’image d’une personne n’est prise et diffusée qu’avec son autorisation écrite, qui dit pour quels usages et pour combien de temps. Pour un enfant, l’autorisation est donnée par ses représentants légaux et l’enfant est consulté selon son âge ; elle peut être retirée à tout moment, et l’image n’est alors plus diffusée. Aucune légende ne permet d’identifier un enfant sans l’accord exprès de ses représentants légaux.

Chaque partie reste titulaire de ses marques, logotypes, photographies et documents. L’autorisation de les utiliser vaut pour la communication relative au projet, pendant la durée de la convention, sans exclusivité et sans pouvoir être cédée. Le nom de leur auteur est mentionné.""",
    ),
)

_APPROVED = "ses comptes annuels et son rapport d’activité approuvés"
REPORTS = (
    ClauseText(
        code="compte_rendu",
        variant="echeances",
        label="Soutien financier, avec les échéances des engagements",
        position=80,
        condition="comptes_rendus_argent",
        heading=_REPORT,
        body=f"""{{{{ Le_beneficiaire }}}} s’engage à :

{{{{ liste_comptes_rendus }}}}

Un compte rendu atteste que les dépenses effectuées sont conformes à l’objet du soutien ; il est signé par le représentant habilité {{{{ du_beneficiaire }}}}, qui y joint {_APPROVED}. Un bilan décrit, en qualité et en quantité, ce qui a été fait et ses effets.""",
    ),
    ClauseText(
        code="compte_rendu",
        variant="echeances_nature",
        label="Soutien en nature seul, avec les échéances des engagements",
        position=80,
        condition="comptes_rendus_nature",
        heading="Bilan",
        body="""{{ Le_beneficiaire }} s’engage à :

{{ liste_comptes_rendus }}

Un bilan décrit, en qualité et en quantité, l’usage qui a été fait du soutien et ses effets. Il est signé par le représentant habilité {{ du_beneficiaire }}.""",
    ),
    ClauseText(
        code="compte_rendu",
        label="Soutien financier, sans échéance particulière",
        position=80,
        condition="bilan_argent",
        heading=_REPORT,
        body=f"""Dans les six mois qui suivent la clôture de chaque exercice comptable pour lequel le soutien a été attribué, {{{{ le_beneficiaire }}}} remet à l’OPT-NC, signés par son représentant habilité :

- un compte rendu financier qui atteste que les dépenses effectuées sont conformes à l’objet du soutien ;
- un bilan qualitatif et quantitatif du projet ;
- {_APPROVED}.""",
    ),
    ClauseText(
        code="compte_rendu",
        variant="nature",
        label="Soutien en nature seul",
        position=80,
        condition="bilan_nature",
        heading="Bilan",
        body="Dans les six mois qui suivent la clôture de l’exercice au cours duquel le soutien a été reçu, {{ le_beneficiaire }} remet à l’OPT-NC un bilan de l’usage fait de ce soutien et de ses effets, signé par son représentant habilité.",
    ),
)

_CONTROL = "Contrôle"
_AFTER = "Ce contrôle s’exerce pendant la convention et les trois années qui suivent son terme ; {{ le_beneficiaire }} garde jusque-là les pièces qui s’y rapportent."
_SANCTIONS = "Sanctions et restitution"
_HEARD = "OPT-NC fait d’abord connaître par écrit ce qu’il relève ; {{ le_beneficiaire }} a trente jours pour présenter ses observations ou y remédier. La décision est écrite et motivée."
_MONEY_DUE = "les sommes qui n’ont pas été employées, qui l’ont été pour un autre objet ou dont l’emploi n’est pas justifié sont restituées dans les soixante jours qui suivent la demande écrite de l’OPT-NC. À défaut, elles sont recouvrées par son agent comptable, selon les règles de la comptabilité publique"
_GOODS_DUE = "l’OPT-NC peut interrompre son soutien en nature et, si l’usage qui en est fait n’est pas conforme à la présente convention, en demander la restitution ou, lorsqu’elle n’est pas possible, la valeur à la date de la remise"
_HOLD = "L’absence de compte rendu dans le délai prévu suspend les versements restants jusqu’à sa remise."

CONTROL = (
    ClauseText(
        code="controle",
        label="Argent et soutien en nature",
        position=90,
        condition="argent_et_nature",
        heading=_CONTROL,
        body=f"""L’OPT-NC peut demander les pièces qui justifient l’emploi du soutien financier et l’usage du soutien en nature, et s’assurer sur place, après en avoir averti {{{{ le_beneficiaire }}}}, de la réalisation du projet.

{_AFTER}""",
    ),
    ClauseText(
        code="controle",
        variant="argent",
        label="Soutien financier seul",
        position=90,
        condition="argent_seul",
        heading=_CONTROL,
        body=f"""L’OPT-NC peut demander les pièces qui justifient l’emploi du soutien et s’assurer sur place, après en avoir averti {{{{ le_beneficiaire }}}}, de la réalisation du projet.

{_AFTER}""",
    ),
    ClauseText(
        code="controle",
        variant="nature",
        label="Soutien en nature seul",
        position=90,
        condition="nature_seule",
        heading=_CONTROL,
        body=f"""L’OPT-NC peut demander quel usage est fait de son soutien et s’en assurer sur place, après en avoir averti {{{{ le_beneficiaire }}}}.

{_AFTER}""",
    ),
    ClauseText(
        code="sanctions",
        label="Argent et soutien en nature",
        position=95,
        condition="argent_et_nature",
        heading=_SANCTIONS,
        body=f"""En cas de manquement {{{{ du_beneficiaire }}}} à ses engagements, l’{_HEARD}

Selon la gravité du manquement, {_MONEY_DUE}. {_HOLD}

Dans les mêmes conditions, {_GOODS_DUE}.""",
    ),
    ClauseText(
        code="sanctions",
        variant="argent",
        label="Soutien financier seul",
        position=95,
        condition="argent_seul",
        heading=_SANCTIONS,
        body=f"""En cas de manquement {{{{ du_beneficiaire }}}} à ses engagements, l’{_HEARD}

Selon la gravité du manquement, {_MONEY_DUE}. {_HOLD}""",
    ),
    ClauseText(
        code="sanctions",
        variant="nature",
        label="Soutien en nature seul",
        position=95,
        condition="nature_seule",
        heading=_SANCTIONS,
        body=f"""En cas de manquement {{{{ du_beneficiaire }}}} à ses engagements, l’{_HEARD}

Selon la gravité du manquement, {_GOODS_DUE}.""",
    ),
)
