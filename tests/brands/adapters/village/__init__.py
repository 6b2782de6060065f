"""The village, in the shape in which any network is found."""

from tests.brands.village import Village

NETWORK = Village()
