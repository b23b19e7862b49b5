/// The spans, in seconds, by which the nodes judge and the checker judges them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// A code is good for this long.
    pub code: i64,
    /// A refresh token that is not used, for this long.
    pub idle: i64,
    /// A grant, whatever is done with it.
    pub absolute: i64,
    /// An access token.
    pub access: i64,
    /// A spent refresh token is answered again.
    pub grace: i64,
    /// What is over is kept for this much longer.
    pub kept: i64,
    /// An assertion is believed for this much longer than it says.
    pub skew: i64,
    /// An assertion may say this much at most.
    pub longest: i64,
}

impl Rules {
    /// Short enough that a clock which jumps ends any of them. `code`, `kept`, `skew` and `longest` are
    /// fixed in the product; the rest is what an application or an operator sets.
    pub const USUAL: Self = Self {
        code: 60,
        idle: 3600,
        absolute: 24 * 3600,
        access: 300,
        grace: 30,
        kept: 600,
        skew: 30,
        longest: 3600,
    };
}
