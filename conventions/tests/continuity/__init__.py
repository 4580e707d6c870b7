"""Backup and restoration, by the very commands of docs/operations.md, with people and tasks at work."""
