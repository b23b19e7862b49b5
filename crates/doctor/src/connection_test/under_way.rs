//! How many tests are made at once: each holds a connection of ours, and one of whoever asks, for as long as its provider
//! likes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use grantway_core::ids::ProjectId;

/// The tests of a process that have begun and not ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnderWay(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    of_project: HashMap<ProjectId, usize>,
}

/// One of them, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    under_way: UnderWay,
    project: ProjectId,
}

impl UnderWay {
    /// None if there are too many, of that project or of all.
    pub(crate) fn begin(&self, project: &ProjectId) -> Option<Place> {
        let mut counts = self.counts();
        let own = counts.of_project.get(project).copied().unwrap_or(0);
        if counts.all >= MOST || own >= MOST_OF_A_PROJECT {
            return None;
        }
        counts.all += 1;
        counts.of_project.insert(project.clone(), own + 1);
        Some(Place { under_way: self.clone(), project: project.clone() })
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.under_way.counts();
        counts.all -= 1;
        if let Some(own) = counts.of_project.get_mut(&self.project) {
            *own -= 1;
            if *own == 0 {
                counts.of_project.remove(&self.project);
            }
        }
    }
}

const MOST: usize = 512;
const MOST_OF_A_PROJECT: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_leaves_room_for_the_others_and_what_has_ended_counts_no_more() {
        let under_way = UnderWay::default();
        let [one, two, three] = ["one", "two", "three"].map(|id| id.parse::<ProjectId>().unwrap());
        let of_one: Vec<_> = std::iter::from_fn(|| under_way.begin(&one)).collect();
        assert_eq!(of_one.len(), MOST_OF_A_PROJECT);
        let of_two: Vec<_> = std::iter::from_fn(|| under_way.begin(&two)).collect();
        assert_eq!(of_two.len(), MOST - MOST_OF_A_PROJECT);
        assert!(under_way.begin(&three).is_none());

        drop(of_one);

        assert!(under_way.begin(&three).is_some());
        drop(of_two);
        assert!(under_way.counts().of_project.is_empty());
    }
}
