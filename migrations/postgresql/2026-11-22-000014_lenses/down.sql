DROP TABLE lenses;
