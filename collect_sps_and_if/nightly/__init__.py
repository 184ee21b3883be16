"""The night's work, room by room: what the day saw, how it moved, the report made of it, the mail that takes it out."""
