use super::dice::Dice;

/// Who does what, and what is done to the nodes meanwhile; the same for the same seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// The steps of each client.
    pub(super) clients: Vec<Vec<Step>>,
    /// Each is due when so many steps are done, whoever did them.
    pub(super) faults: Vec<(usize, Fault)>,
}

/// What there is to plan for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    pub(super) nodes: usize,
    /// The first so many of them can be told what time it is, and when to sweep.
    pub(super) settable: usize,
    pub(super) clients: usize,
    /// For each client.
    pub(super) steps: usize,
    /// Can the database be crashed?
    pub(super) restarts: bool,
}

/// What a client does before it does the next. Where it says which grant or assertion, it counts through
/// those that the client has by then, beginning with the newest; and if it has no grant that lives, it
/// gets one first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A person allows something.
    Allow { node: usize },
    /// All of these at the same moment.
    Ask { which: Which, asks: Vec<(usize, Ask)> },
    /// An assertion nobody has seen, at all these nodes at the same moment.
    Assert { nodes: Vec<usize> },
    /// One that was presented before.
    AssertAgain { assertion: usize, node: usize },
}

/// About which grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// One that was not yet said to be over.
    Living(usize),
    /// Any.
    Any(usize),
}

/// What is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// The code.
    Code,
    /// The newest refresh token.
    Newest,
    /// The one before.
    Previous,
    /// One from further back.
    Older(usize),
    /// An access token.
    Access(usize),
}

/// What is done to a node, or to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// `kill -9`, and started again.
    Kill { node: usize },
    /// Its clock is that many seconds ahead of the machine's from now on.
    Jump { node: usize, ahead: i64 },
    /// It removes what is over by its clock.
    Sweep { node: usize },
    /// The database is crashed and started again.
    Restart,
}

impl Plan {
    pub(super) fn draw(seed: u64, extent: Extent) -> Self {
        let dice = Dice::new(seed);
        let clients = (0..extent.clients).map(|_| client(&dice, extent)).collect();
        Self { clients, faults: faults(&dice, extent) }
    }
}

fn client(dice: &Dice, Extent { nodes, steps, .. }: Extent) -> Vec<Step> {
    let mut planned = Vec::new();
    while planned.len() < steps {
        let node = dice.below(nodes);
        // Mostly the newest grant, so that some grow old before they are over.
        let back = dice.pick(&[0, 0, 0, 1, 2, 5]);
        let which = if dice.below(8) == 0 { Which::Any(back) } else { Which::Living(back) };
        let mut ask =
            |many: &[usize], ask| planned.push(Step::Ask { which, asks: asks(dice, nodes, many, ask) });
        match dice.below(25) {
            0..=2 => {
                planned.push(Step::Allow { node });
                // Whoever redeems a code twice has bought nothing.
                let asks = asks(dice, nodes, &[1, 1, 1, 1, 1, 2, 3], Ask::Code);
                planned.push(Step::Ask { which: Which::Any(0), asks });
            }
            3..=4 => {
                let presented = dice.pick(&[1, 2, 3]);
                let nodes = (0..presented).map(|_| dice.below(nodes)).collect();
                planned.push(Step::Assert { nodes });
            }
            5..=6 => planned.push(Step::AssertAgain { assertion: dice.below(6), node }),
            7 => {
                let older = dice.pick(&[Ask::Code, Ask::Older(dice.throw())]);
                ask(&[1, 2], older);
            }
            8..=9 => ask(&[1, 2], Ask::Previous),
            10..=13 => ask(&[1, 1, 2], Ask::Access(dice.throw())),
            _ => ask(&[1, 1, 2, 3], Ask::Newest),
        }
    }
    planned.truncate(steps);
    planned
}

/// That, as often at once as one of these says, and sometimes something else beside it.
fn asks(dice: &Dice, nodes: usize, many: &[usize], ask: Ask) -> Vec<(usize, Ask)> {
    let mut asks: Vec<_> = (0..dice.pick(many)).map(|_| (dice.below(nodes), ask)).collect();
    if dice.below(8) == 0 {
        asks.push((dice.below(nodes), dice.pick(&[Ask::Access(0), Ask::Previous, Ask::Newest])));
    }
    asks
}

fn faults(dice: &Dice, extent: Extent) -> Vec<(usize, Fault)> {
    let mut planned = Vec::new();
    let Extent { nodes, settable, clients, steps, restarts } = extent;
    let mut due = EVERY;
    while due + EVERY < clients * steps {
        let node = dice.below(settable);
        match dice.below(if restarts { 8 } else { 6 }) {
            0..=1 => planned.push((due, Fault::Kill { node: dice.below(nodes) })),
            2..=3 => {
                // Far enough for something to be over, and back before everything is.
                planned.push((due, Fault::Jump { node, ahead: dice.pick(&FAR) }));
                planned.push((due + EVERY / 4, Fault::Sweep { node }));
                planned.push((due + EVERY / 2, Fault::Jump { node, ahead: dice.pick(&NEAR) }));
            }
            4 => planned.push((due, Fault::Jump { node, ahead: dice.pick(&NEAR) })),
            5 => {
                planned.push((due, Fault::Sweep { node }));
                planned.push((due, Fault::Kill { node: dice.below(nodes) }));
            }
            _ => planned.push((due, Fault::Restart)),
        }
        due += EVERY;
    }
    planned
}

/// A fault for so many steps.
const EVERY: usize = 20;
/// Seconds after which a window, what is kept beyond its end, an idle token or a whole grant is over.
const FAR: [i64; 7] = [-7200, -700, 45, 800, 1500, 5000, 90_000];
/// Such as badly kept clocks are.
const NEAR: [i64; 6] = [0, 0, 0, 2, 40, -40];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_says_all_that_is_planned() {
        let extent = Extent { nodes: 3, settable: 2, clients: 8, steps: 100, restarts: true };

        let plan = Plan::draw(1, extent);

        assert_eq!(plan, Plan::draw(1, extent));
        assert_ne!(plan, Plan::draw(2, extent));
        let has = |fault: fn(&Fault) -> bool| plan.faults.iter().any(|(_, planned)| fault(planned));
        assert!(has(|fault| matches!(fault, Fault::Kill { .. })));
        assert!(has(|fault| matches!(fault, Fault::Jump { .. })));
        assert!(has(|fault| matches!(fault, Fault::Sweep { .. })));
        assert!(has(|fault| matches!(fault, Fault::Restart)));
    }
}
