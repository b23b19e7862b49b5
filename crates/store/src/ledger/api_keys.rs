use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use grantway_core::api_key::{ApiKey, ApiKeyHolder, draw_api_key, prefix_of};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::error::Malformed;
use grantway_core::ids::{ApiKeyId, InstanceId};
use grantway_core::seam::{ApiKeyDirectory, ApiKeyIssued, Clock, Entropy, NewApiKey, SeamError};
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;

use crate::policy::{api_key_is_good, use_is_noted_before};
use crate::traits::{ApiKeyRow, ApiKeyStore};

/// Keys of programs, over any store.
#[derive(Debug)]
pub struct ApiKeys<S> {
    store: Arc<S>,
    instance: InstanceId,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    /// When the use of a key was written down from here, or could not be.
    noted: Mutex<HashMap<ApiKeyId, Timestamp>>,
}

/// What came of declaring a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiKeyDeclared {
    /// It stands as it is declared.
    Declared,
    /// Nobody has the project that it is for.
    NoSuchProject,
    /// It has not the form of a key.
    Malformed(Malformed),
}

impl<S: ApiKeyStore> ApiKeys<S> {
    /// The keys of an instance.
    #[must_use]
    pub fn new(
        store: Arc<S>,
        instance: InstanceId,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self { store, instance, clock, entropy, noted: Mutex::default() }
    }

    /// Puts a key in the place of the one of its prefix, and of whatever was declared under that name.
    pub async fn declare(
        &self,
        shown: &Secret,
        wanted: NewApiKey,
        declared_as: Option<&str>,
    ) -> Result<ApiKeyDeclared, SeamError> {
        let Some(id) = prefix_of(shown) else {
            return Ok(ApiKeyDeclared::Malformed(Malformed("api_key")));
        };
        let row = self.row(id, shown, wanted, declared_as);
        if !self.store.put_api_key(&self.instance, &row).await? {
            return Ok(ApiKeyDeclared::NoSuchProject);
        }
        if let Some(name) = declared_as {
            // The old one goes last: whoever has the one or the other is let in at any moment before.
            self.store.delete_declared_api_keys(&self.instance, name, &row.key.id).await?;
        }
        Ok(ApiKeyDeclared::Declared)
    }

    /// What is known of a key, whoever has it and however it stands.
    pub async fn of_prefix(&self, id: &ApiKeyId) -> Result<Option<ApiKey>, SeamError> {
        Ok(self.store.find_api_key(&self.instance, id).await?.map(|row| row.key))
    }

    /// Is it for this caller to write down that the key was used? Of many at once it is for one, and a store that is busy is
    /// asked again when the use would be written down anew.
    fn is_to_note(&self, id: &ApiKeyId, now: Timestamp, before: Timestamp) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.get(id).is_some_and(|at| *at > before) {
            return false;
        }
        if noted.len() >= MOST_NOTED {
            noted.retain(|_, at| *at > before);
        }
        noted.insert(id.clone(), now);
        true
    }

    fn row(&self, id: ApiKeyId, shown: &Secret, wanted: NewApiKey, declared_as: Option<&str>) -> ApiKeyRow {
        let NewApiKey { name, holder, scope, expires_at } = wanted;
        let created_at = self.clock.now();
        ApiKeyRow {
            key: ApiKey { id, name, holder, scope, created_at, expires_at, last_used_at: None },
            digest: TokenDigest::of(DigestKind::ApiKey, shown),
            declared_as: declared_as.map(str::to_owned),
        }
    }
}

#[async_trait]
impl<S: ApiKeyStore> ApiKeyDirectory for ApiKeys<S> {
    async fn identify(&self, shown: &Secret) -> Result<Option<ApiKey>, SeamError> {
        let Some(id) = prefix_of(shown) else { return Ok(None) };
        let Some(row) = self.store.find_api_key(&self.instance, &id).await? else { return Ok(None) };
        let (digest, now) = (TokenDigest::of(DigestKind::ApiKey, shown), self.clock.now());
        if !api_key_is_good(&row, &digest, now) {
            return Ok(None);
        }
        let mut key = row.key;
        let before = use_is_noted_before(now);
        if key.last_used_at.is_none_or(|last| last <= before) {
            if self.is_to_note(&id, now, before) {
                // A key is as good where nobody can write down when it was used.
                let _ = self.store.touch_api_key(&self.instance, &id, now, before).await;
            }
            key.last_used_at = Some(now);
        }
        Ok(Some(key))
    }

    async fn list(&self, holder: &ApiKeyHolder) -> Result<Vec<ApiKey>, SeamError> {
        self.store.api_keys_of(&self.instance, holder).await
    }

    async fn issue(&self, wanted: NewApiKey) -> Result<ApiKeyIssued, SeamError> {
        let (id, shown) = draw_api_key(&*self.entropy);
        let row = self.row(id, &shown, wanted, None);
        Ok(if self.store.put_api_key(&self.instance, &row).await? {
            ApiKeyIssued::Issued { key: row.key, shown }
        } else {
            ApiKeyIssued::NoSuchProject
        })
    }

    async fn revoke(&self, holder: &ApiKeyHolder, id: &ApiKeyId) -> Result<bool, SeamError> {
        self.store.delete_api_key(&self.instance, holder, id).await
    }
}

/// More keys are looked through for those that may be forgotten.
const MOST_NOTED: usize = 1024;

#[cfg(test)]
mod tests {
    use grantway_core::testing::{FixedClock, SeededEntropy};
    use grantway_core::time::Timestamp;

    use super::*;

    #[tokio::test]
    async fn a_key_is_good_although_nobody_can_write_down_that_it_was_used() {
        let (clock, shown) = (Arc::new(FixedClock::default()), Secret::new("ci.secret"));
        let entropy = Arc::new(SeededEntropy::new(1));
        let row = ApiKeyRow {
            key: ApiKey {
                id: "ci".parse().unwrap(),
                name: "CI".to_owned(),
                holder: ApiKeyHolder::Partner,
                scope: "".parse().unwrap(),
                created_at: clock.now(),
                expires_at: None,
                last_used_at: None,
            },
            digest: TokenDigest::of(DigestKind::ApiKey, &shown),
            declared_as: None,
        };
        let keys = ApiKeys::new(Arc::new(ReadOnly(row)), "ins_1".parse().unwrap(), clock, entropy);

        assert!(keys.identify(&shown).await.unwrap().is_some());
        assert!(keys.identify(&Secret::new("ci.other")).await.unwrap().is_none());
    }

    /// One key, on a disk that is full.
    #[derive(Debug)]
    struct ReadOnly(ApiKeyRow);

    impl ApiKeyStore for ReadOnly {
        async fn put_api_key(&self, _: &InstanceId, _: &ApiKeyRow) -> Result<bool, SeamError> {
            Err(full())
        }

        async fn find_api_key(&self, _: &InstanceId, _: &ApiKeyId) -> Result<Option<ApiKeyRow>, SeamError> {
            Ok(Some(self.0.clone()))
        }

        async fn api_keys_of(&self, _: &InstanceId, _: &ApiKeyHolder) -> Result<Vec<ApiKey>, SeamError> {
            Ok(vec![self.0.key.clone()])
        }

        async fn touch_api_key(
            &self,
            _: &InstanceId,
            _: &ApiKeyId,
            _: Timestamp,
            _: Timestamp,
        ) -> Result<(), SeamError> {
            Err(full())
        }

        async fn delete_api_key(
            &self,
            _: &InstanceId,
            _: &ApiKeyHolder,
            _: &ApiKeyId,
        ) -> Result<bool, SeamError> {
            Err(full())
        }

        async fn delete_declared_api_keys(
            &self,
            _: &InstanceId,
            _: &str,
            _: &ApiKeyId,
        ) -> Result<(), SeamError> {
            Err(full())
        }
    }

    fn full() -> SeamError {
        SeamError::unavailable("database", "the disk is full")
    }
}
