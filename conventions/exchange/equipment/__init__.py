"""What people bring about equipment: a stock from GLPI, Snipe-IT or a free sheet, and certificates of erasure."""
