//! The closed loops and the loss, as a picture.

use std::error::Error;
use std::path::PathBuf;

use plotters::prelude::*;

use crate::episode::Episode;
use crate::plant::{FORCE, STEP};

const SIZE: (u32, u32) = (1200, 800);
const FONT: &str = "sans-serif";
const LEARNED: RGBColor = RGBColor(31, 78, 121);
/// The expert's curve is wide, for the learner's runs on it.
const CURVES: [(&str, RGBColor, u32); 3] = [
    ("expert, long horizon", RGBColor(190, 190, 190), 7),
    ("naive, short horizon", RGBColor(200, 60, 30), 2),
    ("learned, short horizon", LEARNED, 2),
];

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

/// Draws into the workspace's target directory, and says where.
pub fn draw(expert: &Episode, naive: &Episode, learned: &Episode, losses: &[f64]) -> Result<PathBuf, Box<dyn Error>> {
    let directory = cvxlayers_examples::target_directory();
    std::fs::create_dir_all(&directory)?;
    let file = directory.join("mpc.svg");
    let root = SVGBackend::new(&file, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let areas = root.split_evenly((2, 2));
    let runs = [expert, naive, learned];
    let states = |of: fn(&Episode, usize) -> f64| runs.map(|run| (0..run.states.len()).map(|t| of(run, t)).collect());
    let angles = states(|run, t| run.states[t][2].to_degrees());
    let positions = states(|run, t| run.states[t][0]);
    let forces = runs.map(|run| run.forces.clone());
    draw_runs(&areas[0], "Angle of the pole, degrees", &angles, false)?;
    draw_runs(&areas[1], "Position of the cart, m", &positions, false)?;
    draw_runs(&areas[2], &format!("Force, N, at most {FORCE}"), &forces, true)?;
    draw_losses(&areas[3], losses)?;
    root.present()?;
    drop((areas, root));
    Ok(file)
}

/// One curve for each run; `held` where a value stays until the next.
fn draw_runs(area: &Area<'_>, caption: &str, values: &[Vec<f64>; 3], held: bool) -> Result<(), Box<dyn Error>> {
    let all = || values.iter().flatten().copied();
    let (bottom, top) = (all().fold(0.0, f64::min), all().fold(0.0, f64::max));
    let margin = 0.1 * (top - bottom);
    let longest = values.iter().map(Vec::len).max().unwrap_or(0);
    let mut chart = ChartBuilder::on(area)
        .caption(caption, (FONT, 20))
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..(STEP * longest as f64), (bottom - margin)..(top + margin))?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc("Time, s")
        .axis_desc_style((FONT, 15))
        .label_style((FONT, 13))
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| format!("{y:.0}"))
        .draw()?;
    for (values, (name, color, width)) in values.iter().zip(CURVES) {
        let line = values.iter().enumerate().flat_map(|(t, &value)| {
            let until = if held { t + 1 } else { t };
            [(STEP * t as f64, value), (STEP * until as f64, value)]
        });
        chart
            .draw_series(LineSeries::new(line, color.stroke_width(width)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], color.stroke_width(width)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .label_font((FONT, 14))
        .background_style(WHITE)
        .draw()?;
    Ok(())
}

fn draw_losses(area: &Area<'_>, losses: &[f64]) -> Result<(), Box<dyn Error>> {
    let bottom = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let top = losses.iter().copied().fold(0.0, f64::max);
    let mut chart = ChartBuilder::on(area)
        .caption("Loss: mean squared difference to the expert's force, N²", (FONT, 20))
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(0..losses.len(), (bottom / 2.0..2.0 * top).log_scale())?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc("Step of the descent")
        .axis_desc_style((FONT, 15))
        .label_style((FONT, 13))
        .y_label_formatter(&|y| format!("{y:.0e}"))
        .draw()?;
    let line = losses.iter().copied().enumerate();
    chart.draw_series(LineSeries::new(line, LEARNED.stroke_width(2)))?;
    Ok(())
}
