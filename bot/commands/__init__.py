"""The commands of `python -m bot`: one module each, one public function each; tools speak JSON Lines."""
