"""The drawn packs and produce of the sample shop. Everything lies in a box of 100 x 100 units."""
