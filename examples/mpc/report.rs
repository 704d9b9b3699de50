//! The findings, one heading each.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::controller::{self, Expert, Learner};
use crate::episode::{self, Episode, START};
use crate::learning::{self, Samples};
use crate::plant::{FORCE, STEP, State};
use crate::table;

/// How often each solve is timed.
const ROUNDS: usize = 5;

/// What is controlled.
pub fn setting() {
    heading("Cart and pole");
    println!(
        "The pole starts at {:.0} degrees from upright, at rest.",
        START[2].to_degrees()
    );
    println!("A decision each {:.0} ms, a force of at most {FORCE} N.", 1e3 * STEP);
    println!("Controllers think the plant linear; it is simulated with its nonlinear equations.");
}

pub fn expert(expert: &mut Expert) -> Result<Episode, Box<dyn Error>> {
    let horizon = expert.zero_vars().u.len();
    heading(&format!("The expert: a horizon of {horizon} steps"));
    let plan = expert.solve(&START)?;
    let at_bound = plan.vars.u.iter().filter(|force| force.abs() > FORCE - 1e-5).count();
    println!("Its first plan is at the bound in {at_bound} of {horizon} steps.");
    let run = episode::run(expert)?;
    println!(
        "In the closed loop {} of {} forces are.",
        run.saturated(),
        run.forces.len()
    );
    Ok(run)
}

/// The loss on the way, and one derivative checked.
pub fn learning(learner: &mut Learner, train: &Samples, test: &Samples) -> Result<Vec<f64>, Box<dyn Error>> {
    let horizon = learner.zero_vars().u.len();
    heading(&format!("Learning a cost of the last state for a horizon of {horizon}"));
    let slope = train.slope(learner)?.1[(2, 3)];
    let step = 1e-4;
    let mut beside = |step: f64| {
        learner.factor()[(2, 3)] += step;
        let loss = train.loss(learner);
        learner.factor()[(2, 3)] -= step;
        loss
    };
    let difference = (beside(step)? - beside(-step)?) / (2.0 * step);
    println!("d loss / d f[2, 3], by vjp                 {slope:+.6}");
    println!("d loss / d f[2, 3], by central difference  {difference:+.6}\n");

    let test_before = test.loss(learner)?;
    let started = Instant::now();
    let losses = learning::descend(learner, train)?;
    let elapsed = started.elapsed();
    let test_after = test.loss(learner)?;
    let informed = test.loss(&mut controller::informed()?)?;
    let (Some(before), Some(after)) = (losses.first(), losses.last()) else {
        return Err("nothing was learned".into());
    };
    println!("Mean squared difference of the first force to the expert's, N²:");
    println!(
        "{:>4} states to learn from  {before:9.4} before, {after:9.6} after",
        train.0.len()
    );
    println!(
        "{:>4} other states          {test_before:9.4} before, {test_after:9.6} after",
        test.0.len()
    );
    println!("By the formula of Riccati it would be {informed:.0e} in the other states.");
    println!(
        "The expert is at a bound in {} and {} of the states.",
        train.saturated(),
        test.saturated()
    );
    println!(
        "\n{} steps of descent in {:.2} s.",
        losses.len() - 1,
        elapsed.as_secs_f64()
    );
    Ok(losses)
}

/// Closed loops; returns that of the learner.
pub fn comparison(
    learner: &mut Learner,
    [long, short]: [usize; 2],
    expert: &Episode,
    naive: &Episode,
) -> Result<Episode, Box<dyn Error>> {
    heading("Closed loops");
    let learned = episode::run(learner)?;
    let informed = episode::run(&mut controller::informed()?)?;
    cvxlayers_examples::print(&table::runs(&[
        ("expert", long, expert),
        ("naive: the last state as any other", short, naive),
        ("learned", short, &learned),
        ("Riccati: the last state by a formula", short, &informed),
    ]));
    let costs =
        [naive, &learned, &informed, expert].map(|run| run.cost().map_or("a fall".to_owned(), |c| format!("{c:.2}")));
    let [naive, learned_cost, informed, expert] = costs;
    println!(
        "\nLearning took the run from {naive} to {learned_cost}; the expert's is {expert}, the formula's {informed}."
    );
    println!(
        "A last digit between these is chance: all plan with a linear plant, and the run is of the nonlinear one."
    );
    println!("The expert was made with the formula; learning saw only its forces.");
    Ok(learned)
}

/// Medians over the states of the closed loop.
pub fn timings(expert: &mut Expert, learner: &mut Learner) -> Result<(), Box<dyn Error>> {
    heading("Timings");
    let states = episode::run(expert)?.states;
    let mut long = expert.zero_vars();
    long.u[0] = 1.0;
    let long = medians(&states, |state| expert.solve(state), |solution| solution.vjp(&long))?;
    let mut short = learner.zero_vars();
    short.u[0] = 1.0;
    let short = medians(&states, |state| learner.solve(state), |solution| solution.vjp(&short))?;
    cvxlayers_examples::print(&table::timings(&[("long", long), ("short", short)]));
    println!("\nMedians over the states of the expert's run.");
    Ok(())
}

pub fn plot(file: &Path) {
    heading("Plot");
    println!("{}", file.display());
}

/// Median times in microseconds.
fn medians<S, G>(
    states: &[State],
    mut solve: impl FnMut(&State) -> Result<S, cvxlayers::Error>,
    vjp: impl Fn(&S) -> Result<G, cvxlayers::Error>,
) -> Result<[f64; 2], cvxlayers::Error> {
    let mut times = [Vec::new(), Vec::new()];
    for state in states.iter().cycle().take(ROUNDS * states.len()) {
        let started = Instant::now();
        let solution = solve(state)?;
        times[0].push(started.elapsed());
        let started = Instant::now();
        vjp(&solution)?;
        times[1].push(started.elapsed());
    }
    Ok(times.map(median))
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).map_or(0.0, |time| 1e6 * time.as_secs_f64())
}

fn heading(text: &str) {
    println!("\n{text}\n{}\n", "=".repeat(text.len()));
}
