//! Statements with their values, and rows as types.

use std::str::FromStr;

use grantway_core::digest::TokenDigest;
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, TryGetable, Value};

use crate::fault::{seam, unreadable};

/// One statement and its values, for whichever database will run it.
#[derive(Clone, Debug)]
pub(crate) struct Sql {
    text: String,
    values: Vec<Value>,
}

/// A statement with `$1`, `$2`, … in the order of its values, as SQLite and PostgreSQL both read it.
pub(crate) fn statement(text: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Sql {
    Sql { text: text.into(), values: values.into_iter().collect() }
}

impl Sql {
    /// Another statement, whose one value is the first of this one.
    pub(crate) fn with_first_value(&self, text: &str) -> Self {
        statement(text, self.values.first().cloned())
    }

    /// This statement and one that goes before it, as one. They share their values.
    pub(crate) fn after(self, before: &str) -> Self {
        Self { text: format!("WITH before AS ({before}) {}", self.text), ..self }
    }

    fn on(self, connection: &impl ConnectionTrait) -> Statement {
        Statement::from_sql_and_values(connection.get_database_backend(), self.text, self.values)
    }
}

/// Runs it and says how many rows it touched.
pub(crate) async fn touched(connection: &impl ConnectionTrait, sql: Sql) -> Result<u64, SeamError> {
    let outcome = connection.execute_raw(sql.on(connection)).await;
    Ok(outcome.map_err(|fault| seam(&fault))?.rows_affected())
}

/// Runs it and returns the only row, if there is one.
pub(crate) async fn row(
    connection: &impl ConnectionTrait,
    sql: Sql,
) -> Result<Option<QueryResult>, SeamError> {
    connection.query_one_raw(sql.on(connection)).await.map_err(|fault| seam(&fault))
}

/// Runs it and returns all rows.
pub(crate) async fn rows(connection: &impl ConnectionTrait, sql: Sql) -> Result<Vec<QueryResult>, SeamError> {
    rows_or_fault(connection, sql).await.map_err(|fault| seam(&fault))
}

/// The same, for whoever has to tell several of the fault.
pub(crate) async fn rows_or_fault(
    connection: &impl ConnectionTrait,
    sql: Sql,
) -> Result<Vec<QueryResult>, DbErr> {
    connection.query_all_raw(sql.on(connection)).await
}

/// A column as the database holds it.
pub(crate) fn plain<T: TryGetable>(row: &QueryResult, column: &'static str) -> Result<T, SeamError> {
    row.try_get("", column).map_err(|_| unreadable(column))
}

/// A column of text that is a type of ours.
pub(crate) fn parsed<T: FromStr>(row: &QueryResult, column: &'static str) -> Result<T, SeamError> {
    plain::<String>(row, column)?.parse().map_err(|_| unreadable(column))
}

/// The same, if it is there.
pub(crate) fn parsed_option<T: FromStr>(
    row: &QueryResult,
    column: &'static str,
) -> Result<Option<T>, SeamError> {
    let text: Option<String> = plain(row, column)?;
    text.map(|text| text.parse().map_err(|_| unreadable(column))).transpose()
}

/// A column of seconds.
pub(crate) fn time(row: &QueryResult, column: &'static str) -> Result<Timestamp, SeamError> {
    plain(row, column).map(Timestamp::from_unix)
}

/// The same, if it is there.
pub(crate) fn time_option(row: &QueryResult, column: &'static str) -> Result<Option<Timestamp>, SeamError> {
    Ok(plain::<Option<i64>>(row, column)?.map(Timestamp::from_unix))
}

/// A column that holds a digest, if it is there.
pub(crate) fn digest_option(
    row: &QueryResult,
    column: &'static str,
) -> Result<Option<TokenDigest>, SeamError> {
    let bytes: Option<Vec<u8>> = plain(row, column)?;
    bytes.map(|bytes| TokenDigest::from_bytes(&bytes).map_err(|_| unreadable(column))).transpose()
}

/// A column that holds JSON.
pub(crate) fn json<T: serde::de::DeserializeOwned>(
    row: &QueryResult,
    column: &'static str,
) -> Result<T, SeamError> {
    serde_json::from_str(&plain::<String>(row, column)?).map_err(|_| unreadable(column))
}

/// What goes into a column of digests.
pub(crate) fn digest_value(digest: &TokenDigest) -> Value {
    digest.as_bytes().to_vec().into()
}

/// What goes into a column of seconds that may be empty.
pub(crate) fn time_value(time: Option<Timestamp>) -> Value {
    time.map(Timestamp::unix).into()
}
