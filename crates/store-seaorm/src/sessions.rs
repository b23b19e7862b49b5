use grantway_core::digest::TokenDigest;
use grantway_core::ids::{InstanceId, SessionId, Subject};
use grantway_core::seam::SeamError;
use grantway_core::session::Session;
use grantway_core::time::Timestamp;
use grantway_store::traits::SessionStore;
use sea_orm::QueryResult;
use serde_json::Value as Json;

use crate::SeaStore;
use crate::row::{digest_value, json, parsed, plain, row, rows, statement, time};

impl SessionStore for SeaStore {
    async fn insert_session(
        &self,
        instance: &InstanceId,
        cookie: &TokenDigest,
        session: &Session,
    ) -> Result<(), SeamError> {
        let Session { sid, subject, auth_time, acr, amr, expires_at } = session;
        let statement = statement(
            "INSERT INTO session (instance, cookie_digest, sid, subject, auth_time, acr, amr, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                instance.as_str().into(),
                digest_value(cookie),
                sid.as_str().into(),
                subject.as_str().into(),
                auth_time.unix().into(),
                acr.as_str().into(),
                Json::from(amr.clone()).to_string().into(),
                expires_at.unix().into(),
            ],
        );
        self.writer.execute(statement).await.map(drop)
    }

    async fn find_session(
        &self,
        instance: &InstanceId,
        cookie: &TokenDigest,
    ) -> Result<Option<Session>, SeamError> {
        let statement = statement(
            "SELECT sid, subject, auth_time, acr, amr, expires_at FROM session \
             WHERE instance = $1 AND cookie_digest = $2",
            [instance.as_str().into(), digest_value(cookie)],
        );
        row(&self.reader, statement).await?.map(|row| read(&row)).transpose()
    }

    async fn delete_session(&self, instance: &InstanceId, cookie: &TokenDigest) -> Result<(), SeamError> {
        let statement = statement(
            "DELETE FROM session WHERE instance = $1 AND cookie_digest = $2",
            [instance.as_str().into(), digest_value(cookie)],
        );
        self.writer.execute(statement).await.map(drop)
    }

    async fn delete_sessions_of(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        except: Option<&SessionId>,
    ) -> Result<u64, SeamError> {
        let statement = statement(
            "DELETE FROM session WHERE instance = $1 AND subject = $2 AND sid IS DISTINCT FROM $3",
            [
                instance.as_str().into(),
                subject.as_str().into(),
                except.map(|sid| sid.as_str().to_owned()).into(),
            ],
        );
        self.writer.execute(statement).await
    }

    async fn sessions_of(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        at: Timestamp,
        limit: u32,
    ) -> Result<Vec<Session>, SeamError> {
        let statement = statement(
            "SELECT sid, subject, auth_time, acr, amr, expires_at FROM session \
             WHERE instance = $1 AND subject = $2 AND expires_at > $3 ORDER BY auth_time DESC LIMIT $4",
            [instance.as_str().into(), subject.as_str().into(), at.unix().into(), i64::from(limit).into()],
        );
        rows(&self.reader, statement).await?.iter().map(read).collect()
    }

    async fn delete_session_named(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        sid: &SessionId,
    ) -> Result<u64, SeamError> {
        let statement = statement(
            "DELETE FROM session WHERE instance = $1 AND subject = $2 AND sid = $3",
            [instance.as_str().into(), subject.as_str().into(), sid.as_str().into()],
        );
        self.writer.execute(statement).await
    }
}

fn read(row: &QueryResult) -> Result<Session, SeamError> {
    Ok(Session {
        sid: parsed(row, "sid")?,
        subject: parsed(row, "subject")?,
        auth_time: time(row, "auth_time")?,
        acr: plain(row, "acr")?,
        amr: json(row, "amr")?,
        expires_at: time(row, "expires_at")?,
    })
}
