DROP TABLE framework_assets;
