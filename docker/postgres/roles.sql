-- The two roles of the house: one owns the tables and migrates, the other works with the rows.
CREATE ROLE waarborg_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE waarborg_app LOGIN PASSWORD :'app_password';
CREATE EXTENSION IF NOT EXISTS vector;
SELECT current_database() AS here \gset
ALTER DATABASE :"here" OWNER TO waarborg_owner;
GRANT CREATE, USAGE ON SCHEMA public TO waarborg_owner;
GRANT USAGE ON SCHEMA public TO waarborg_app;
ALTER DEFAULT PRIVILEGES FOR ROLE waarborg_owner
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO waarborg_app;
ALTER DEFAULT PRIVILEGES FOR ROLE waarborg_owner GRANT USAGE, SELECT ON SEQUENCES TO waarborg_app;
ALTER DEFAULT PRIVILEGES FOR ROLE waarborg_owner GRANT EXECUTE ON FUNCTIONS TO waarborg_app;
