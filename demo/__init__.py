"""A made-up platform and its people: everything here knows Waarborg only by HTTP."""
