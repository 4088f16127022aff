"""How quick the product is: each figure beside the floor that was measured next to it in the same run."""
