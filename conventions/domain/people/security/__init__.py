"""What keeps an account safe: second factor of staff, sessions of everyone, invitations, lock-outs."""
