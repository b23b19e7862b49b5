use grantway_core::account::{Account, PasswordHash};
use grantway_core::ids::{InstanceId, Subject};
use grantway_core::seam::{PasswordChange, SeamError};
use grantway_store::traits::{AccountRow, AccountStore, Insert};
use sea_orm::QueryResult;

use crate::SeaStore;
use crate::fault::unreadable;
use crate::row::{json, plain, row, statement, time};

impl AccountStore for SeaStore {
    async fn insert_account(&self, instance: &InstanceId, row: &AccountRow) -> Result<Insert, SeamError> {
        let AccountRow { account, username, email, password_hash, created_at } = row;
        let document = serde_json::to_string(account).map_err(|_| unreadable("document"))?;
        let statement = statement(
            "INSERT INTO account (instance, subject, username, email, password_hash, document, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            [
                instance.as_str().into(),
                account.subject.as_str().into(),
                username.as_str().into(),
                email.clone().into(),
                password_hash.as_ref().map(|hash| hash.as_phc().to_owned()).into(),
                document.into(),
                created_at.unix().into(),
            ],
        );
        Ok(if self.writer.execute(statement).await? == 1 { Insert::Done } else { Insert::Taken })
    }

    async fn find_account(
        &self,
        instance: &InstanceId,
        subject: &Subject,
    ) -> Result<Option<AccountRow>, SeamError> {
        let statement = statement(
            "SELECT username, email, password_hash, document, created_at FROM account \
             WHERE instance = $1 AND subject = $2",
            [instance.as_str().into(), subject.as_str().into()],
        );
        row(&self.reader, statement).await?.map(|row| read(&row)).transpose()
    }

    async fn find_account_by_identifier(
        &self,
        instance: &InstanceId,
        identifier: &str,
    ) -> Result<Option<AccountRow>, SeamError> {
        // Two looks into two indexes: an OR over them would read the table. No name is in both.
        let statement = statement(
            "SELECT username, email, password_hash, document, created_at FROM account \
             WHERE instance = $1 AND username = $2 UNION ALL \
             SELECT username, email, password_hash, document, created_at FROM account \
             WHERE instance = $1 AND email = $2 LIMIT 1",
            [instance.as_str().into(), identifier.into()],
        );
        row(&self.reader, statement).await?.map(|row| read(&row)).transpose()
    }

    async fn swap_password(
        &self,
        instance: &InstanceId,
        PasswordChange { subject, before, after }: PasswordChange<'_>,
    ) -> Result<bool, SeamError> {
        let swap = statement(
            "UPDATE account SET password_hash = $4 \
             WHERE instance = $1 AND subject = $2 AND password_hash IS NOT DISTINCT FROM $3",
            [
                instance.as_str().into(),
                subject.as_str().into(),
                before.map(|hash| hash.as_phc().to_owned()).into(),
                after.as_phc().into(),
            ],
        );
        Ok(self.writer.execute_counted(swap).await? == 1)
    }

    async fn swap_account(
        &self,
        instance: &InstanceId,
        before: &Account,
        after: &Account,
    ) -> Result<bool, SeamError> {
        let look = statement(
            "SELECT document FROM account WHERE instance = $1 AND subject = $2",
            [instance.as_str().into(), before.subject.as_str().into()],
        );
        let Some(row) = row(&self.reader, look).await? else { return Ok(false) };
        if json::<Account>(&row, "document")? != *before {
            return Ok(false);
        }
        // Compared as it was written, for another version may have spelled it otherwise.
        let written: String = plain(&row, "document")?;
        let document = serde_json::to_string(after).map_err(|_| unreadable("document"))?;
        let swap = statement(
            "UPDATE account SET document = $4 WHERE instance = $1 AND subject = $2 AND document = $3",
            [instance.as_str().into(), before.subject.as_str().into(), written.into(), document.into()],
        );
        Ok(self.writer.execute_counted(swap).await? == 1)
    }

    async fn any_account(&self, instance: &InstanceId) -> Result<bool, SeamError> {
        let look = statement("SELECT 1 FROM account WHERE instance = $1 LIMIT 1", [instance.as_str().into()]);
        Ok(row(&self.reader, look).await?.is_some())
    }
}

fn read(row: &QueryResult) -> Result<AccountRow, SeamError> {
    Ok(AccountRow {
        account: json(row, "document")?,
        username: plain(row, "username")?,
        email: plain(row, "email")?,
        password_hash: plain::<Option<String>>(row, "password_hash")?.map(PasswordHash::new),
        created_at: time(row, "created_at")?,
    })
}
