"""The screens: one package an activity."""
