"""The pages of the admin: importing this module registers them."""
