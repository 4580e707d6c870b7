"""Equipment: the stock, what is reserved for a line, the media and their erasure. The remise: `acts/handover`."""
