//! One suite for both databases: what differs between them is a bug. SQLite always; PostgreSQL needs `DATABASE_URL`,
//! where every test makes a database of its own and drops it.

mod audit;
mod campaigns;
mod clock;
mod database;
mod dedupe;
mod desk;
mod import;
mod ledger;
mod matrix;
mod office;
mod plans;
mod receipts;
mod release;
mod safety;
mod world;

/// Runs each test on both databases.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let db = $crate::database::Database::sqlite().await;
                super::$name(&db).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(db) = $crate::database::Database::postgres().await {
                    super::$name(&db).await;
                    db.drop().await;
                }
            })+
        }
    };
}
pub(crate) use on_both;
