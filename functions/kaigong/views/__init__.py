"""What people are told: each shape beside the function that fills it. Pure: values in, values out."""
