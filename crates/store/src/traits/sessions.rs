use std::fmt::Debug;
use std::future::Future;

use grantway_core::digest::TokenDigest;
use grantway_core::ids::{InstanceId, SessionId, Subject};
use grantway_core::seam::SeamError;
use grantway_core::session::Session;
use grantway_core::time::Timestamp;

/// Keeps sign-ins by the digest of their cookie.
pub trait SessionStore: Debug + Send + Sync + 'static {
    /// Adds a session.
    fn insert_session(
        &self,
        instance: &InstanceId,
        cookie: &TokenDigest,
        session: &Session,
    ) -> impl Future<Output = Result<(), SeamError>> + Send;

    /// The session of that cookie, expired ones included until they are swept away.
    fn find_session(
        &self,
        instance: &InstanceId,
        cookie: &TokenDigest,
    ) -> impl Future<Output = Result<Option<Session>, SeamError>> + Send;

    /// Removes the session of that cookie, if there is one.
    fn delete_session(
        &self,
        instance: &InstanceId,
        cookie: &TokenDigest,
    ) -> impl Future<Output = Result<(), SeamError>> + Send;

    /// Removes every session of that subject but those named `except`, and says how many.
    fn delete_sessions_of(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        except: Option<&SessionId>,
    ) -> impl Future<Output = Result<u64, SeamError>> + Send;

    /// The sessions of that subject that end after `at`, the latest sign-in first and no more than `limit`.
    fn sessions_of(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        at: Timestamp,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Session>, SeamError>> + Send;

    /// Removes the sessions of that name that are that subject's, and says how many.
    fn delete_session_named(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        sid: &SessionId,
    ) -> impl Future<Output = Result<u64, SeamError>> + Send;
}
