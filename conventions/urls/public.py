"""Addresses of the public pages."""

from django.urls import path

from conventions.views import health, pages, press, public, verify

app_name = "public"
urlpatterns = [
    path("", public.home, name="home"),
    path("conventions/", public.convention_list, name="convention_list"),
    path("conventions/<slug:slug>/", public.convention_detail, name="convention_detail"),
    path("conventions/<slug:slug>/convention.pdf", public.convention_pdf, name="convention_pdf"),
    path("partenaires/", public.partner_list, name="partner_list"),
    path("partenaires/<slug:slug>/", public.partner_detail, name="partner_detail"),
    path("presse/", press.press_list, name="press_list"),
    path("presse/<slug:slug>/", press.press_detail, name="press_detail"),
    path("presse/<slug:slug>/communique.pdf", press.press_pdf, name="press_pdf"),
    path("chiffres/", public.key_figures, name="figures"),
    path("contact-presse/", press.press_contact, name="press_contact"),
    path("verifier/", verify.start, name="verify"),
    path("verifier/fichier/", verify.file, name="verify_file"),
    path("verifier/comment/", verify.how, name="verify_how"),
    path("verifier/autorite.pem", verify.certificate, name="verify_certificate"),
    path("verifier/revocations.crl", verify.revocations, name="verify_revocations"),
    path("verifier/<str:code>/", verify.code, name="verify_code"),
    path("mentions-legales/", pages.legal, name="legal"),
    path("confidentialite/", pages.privacy, name="privacy"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("cookies/", pages.cookies, name="cookies"),
    path("plan-du-site/", pages.sitemap, name="sitemap"),
    path("schemas/acte-1.json", pages.act_schema, name="act_schema"),
    path("sante/", health.health, name="health"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", pages.sitemap_xml, name="sitemap_xml"),
]
