"""
Catalog: the world as data, read from the brand pack.

Countries, model lines and generations, head units, services, offers, terms and texts come from the folder that
`VETTURA_PACK` names. They are loaded once at start into frozen dataclasses; a pack that lacks something stops the start
with a sentence, a file and a line. Everybody asks `catalog.queries`; nobody reads a YAML file.

Promises: `queries.terms()` is the only way to a number of the business; what fits a vehicle is decided by one pure rule
(`rules.misfit`); prices are gross, in the currency of the customer's country. There is no table here.
"""
