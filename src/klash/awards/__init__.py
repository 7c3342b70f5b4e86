"""From the signed report to the winners: identities opened by two persons, the organiser's decision, publication."""
