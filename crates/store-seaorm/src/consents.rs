use grantway_core::ids::{ClientId, InstanceId, Subject};
use grantway_core::scope::ScopeSet;
use grantway_core::seam::SeamError;
use grantway_store::traits::{ConsentRow, ConsentStore};
use sea_orm::{QueryResult, Value};

use crate::SeaStore;
use crate::fault::unreadable;
use crate::row::{parsed, plain, rows, statement, time};

impl ConsentStore for SeaStore {
    async fn recall_consent(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        client_id: &ClientId,
    ) -> Result<ScopeSet, SeamError> {
        let statement = statement(
            "SELECT scope FROM consent WHERE instance = $1 AND subject = $2 AND client_id = $3",
            [instance.as_str().into(), subject.as_str().into(), client_id.as_str().into()],
        );
        let mut agreed = ScopeSet::empty();
        for row in rows(&self.reader, statement).await? {
            let scope: String = plain(&row, "scope")?;
            agreed = agreed.union(&scope.parse().map_err(|_| unreadable("scope"))?);
        }
        Ok(agreed)
    }

    async fn add_consent(&self, instance: &InstanceId, consent: &ConsentRow) -> Result<(), SeamError> {
        let ConsentRow { subject, client_id, scope, at } = consent;
        let mut values: Vec<Value> = vec![
            instance.as_str().into(),
            subject.as_str().into(),
            client_id.as_str().into(),
            at.unix().into(),
        ];
        let mut places = Vec::new();
        for scope in scope.iter() {
            values.push(scope.into());
            places.push(format!("($1, $2, $3, ${}, $4)", values.len()));
        }
        if places.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "INSERT INTO consent (instance, subject, client_id, scope, created_at) VALUES {} \
             ON CONFLICT DO NOTHING",
            places.join(", "),
        );
        let statement = statement(sql, values);
        self.writer.execute(statement).await.map(drop)
    }

    async fn consents_of(
        &self,
        instance: &InstanceId,
        subject: &Subject,
    ) -> Result<Vec<ConsentRow>, SeamError> {
        let statement = statement(
            "SELECT client_id, scope, created_at FROM consent WHERE instance = $1 AND subject = $2 \
             ORDER BY client_id, created_at, scope",
            [instance.as_str().into(), subject.as_str().into()],
        );
        let read = |row: &QueryResult| {
            Ok(ConsentRow {
                subject: subject.clone(),
                client_id: parsed(row, "client_id")?,
                scope: parsed(row, "scope")?,
                at: time(row, "created_at")?,
            })
        };
        rows(&self.reader, statement).await?.iter().map(read).collect()
    }

    async fn delete_consents(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        client_id: &ClientId,
    ) -> Result<u64, SeamError> {
        let statement = statement(
            "DELETE FROM consent WHERE instance = $1 AND subject = $2 AND client_id = $3",
            [instance.as_str().into(), subject.as_str().into(), client_id.as_str().into()],
        );
        self.writer.execute(statement).await
    }
}
