use clap::ValueEnum;

/// A store that is broken on purpose, so that it is known what the checker finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Flaw {
    /// Reads, decides, writes, and does not look at how many rows it changed.
    IgnoresAffectedRows,
    /// Answers first and writes a moment later.
    AnswersBeforeItWrites,
    /// Leaves what is revoked as it was.
    ForgetsRevocations,
    /// Removes claims that are over and does not remember that they were made. For SQLite only.
    ForgetsWhatItSwept,
}
