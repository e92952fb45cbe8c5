"""What people choose in a scenario, and where it leads them."""
