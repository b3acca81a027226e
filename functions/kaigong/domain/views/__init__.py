"""What people are told: where a packet is, what is next, who has it, by when; guides, pictures, desks."""
