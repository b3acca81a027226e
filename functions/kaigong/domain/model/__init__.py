"""What everything else speaks of: packets, the catalogue, messages, states, time; values without judgement."""
