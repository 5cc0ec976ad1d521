"""How templates write dates, where Django's own way is not the room's."""
