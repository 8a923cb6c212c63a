DROP TABLE workshop_presence;
DROP TABLE workshop_votes;
DROP TABLE workshop_cluster_items;
DROP TABLE workshop_clusters;
DROP TABLE workshop_items;
DROP TABLE workshop_exhibits;
DROP TABLE workshops;
