//! The tables, step by step. A step that was released is never changed, and only adds.

mod m20261123_000001_the_first_tables;
mod m20261124_000002_what_is_over_can_go;
mod m20261124_000003_keys_take_turns;
mod m20261124_000004_secrets;
mod m20261124_000005_changes_are_counted;
mod m20261124_000006_attempts_are_counted;
mod m20261125_000007_people_take_back;
mod m20261125_000008_claims_by_name;
mod m20261125_000009_projects_and_keys;

use sea_orm_migration::{MigrationTrait, MigratorTrait, async_trait};

pub(crate) struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_the_first_tables::Migration),
            Box::new(m20261124_000002_what_is_over_can_go::Migration),
            Box::new(m20261124_000003_keys_take_turns::Migration),
            Box::new(m20261124_000004_secrets::Migration),
            Box::new(m20261124_000005_changes_are_counted::Migration),
            Box::new(m20261124_000006_attempts_are_counted::Migration),
            Box::new(m20261125_000007_people_take_back::Migration),
            Box::new(m20261125_000008_claims_by_name::Migration),
            Box::new(m20261125_000009_projects_and_keys::Migration),
        ]
    }
}
