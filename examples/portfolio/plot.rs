//! The frontier and the tuning path, as a picture.

use std::error::Error;
use std::path::PathBuf;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::Study;
use crate::frontier::Point;
use crate::tuning;

const SIZE: (u32, u32) = (1200, 520);
const FONT: &str = "sans-serif";
const FRONTIER: RGBColor = RGBColor(31, 78, 121);
const PATH: RGBColor = RGBColor(200, 60, 30);
const STOCKS: RGBColor = RGBColor(120, 120, 120);
const WINDOWS: [(&str, RGBColor); 3] = [
    ("train", RGBColor(150, 150, 150)),
    ("validation", FRONTIER),
    ("test", RGBColor(60, 140, 80)),
];

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

/// Draws into the workspace's target directory, and says where.
pub fn draw(frontier: &[Point], path: &tuning::Path, study: &Study) -> Result<PathBuf, Box<dyn Error>> {
    let directory = cvxlayers_examples::target_directory();
    std::fs::create_dir_all(&directory)?;
    let file = directory.join("portfolio.svg");
    let root = SVGBackend::new(&file, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let (left, right) = root.split_horizontally(SIZE.0 / 2);
    draw_frontier(&left, frontier, path, study)?;
    draw_sharpe(&right, frontier, path)?;
    root.present()?;
    drop((left, right, root));
    Ok(file)
}

fn draw_frontier(
    area: &Area<'_>,
    frontier: &[Point],
    path: &tuning::Path,
    study: &Study,
) -> Result<(), Box<dyn Error>> {
    let (model, names) = (&study.model, &study.windows.test.names);
    let place = |mean: f64, risk: f64| (100.0 * risk, 100.0 * mean);
    let stocks: Vec<_> = (0..model.mu.len())
        .map(|i| place(model.mu[i], model.stock_risk(i)))
        .collect();
    let right = stocks.iter().fold(0.0, |most: f64, stock| most.max(stock.0));
    let top = stocks.iter().fold(0.0, |most: f64, stock| most.max(stock.1));
    let mut chart = ChartBuilder::on(area)
        .caption("Efficient frontier of the model", (FONT, 20))
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..(1.1 * right), 0.0..(1.2 * top))?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc("Risk: standard deviation, % a year")
        .y_desc("Expected return, % a year")
        .axis_desc_style((FONT, 15))
        .label_style((FONT, 13))
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| format!("{y:.0}"))
        .draw()?;

    chart
        .draw_series(stocks.iter().map(|&stock| Circle::new(stock, 3, STOCKS.filled())))?
        .label("single stocks")
        .legend(|(x, y)| Circle::new((x + 10, y), 3, STOCKS.filled()));
    let line = frontier.iter().map(|point| place(point.mean, point.risk));
    chart
        .draw_series(LineSeries::new(line, FRONTIER.stroke_width(2)))?
        .label("frontier")
        .legend(|(x, y)| PathElement::new([(x, y), (x + 20, y)], FRONTIER.stroke_width(2)));
    let steps = path
        .points()
        .map(|step| place(model.mu.dot(&step.w), model.risk(&step.w)));
    chart
        .draw_series(steps.map(|step| Circle::new(step, 4, PATH.stroke_width(2))))?
        .label("tuning of gamma")
        .legend(|(x, y)| Circle::new((x + 10, y), 4, PATH.stroke_width(2)));
    let ends = [&path.start, path.end()].map(|step| {
        let (x, y) = place(model.mu.dot(&step.w), model.risk(&step.w));
        let style = (FONT, 14)
            .into_font()
            .color(&PATH)
            .pos(Pos::new(HPos::Right, VPos::Bottom));
        Text::new(format!("gamma = {:.2}", step.gamma), (x - 1.0, y + 0.3), style)
    });
    chart.draw_series(ends)?;
    let names = stocks
        .iter()
        .zip(names)
        .filter(|(stock, _)| has_room(**stock, &stocks))
        .map(|(&(x, y), name)| {
            let style = (FONT, 12)
                .into_font()
                .color(&STOCKS)
                .pos(Pos::new(HPos::Left, VPos::Center));
            Text::new(name.clone(), (x + 0.8, y), style)
        });
    chart.draw_series(names)?;
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .label_font((FONT, 14))
        .background_style(WHITE)
        .draw()?;
    Ok(())
}

/// Whether a name fits to the right of a stock.
fn has_room((x, y): (f64, f64), stocks: &[(f64, f64)]) -> bool {
    stocks.iter().all(|&(other_x, other_y)| {
        !(0.0..6.0).contains(&(other_x - x)) || (other_y - y).abs() > 0.8 || (other_x, other_y) == (x, y)
    })
}

fn draw_sharpe(area: &Area<'_>, frontier: &[Point], path: &tuning::Path) -> Result<(), Box<dyn Error>> {
    let ratios = || frontier.iter().flat_map(|point| point.sharpe);
    let bottom = ratios().fold(0.0, f64::min);
    let top = ratios().fold(0.0, f64::max);
    let [Some(first), Some(last)] = [frontier.first(), frontier.last()] else {
        return Ok(());
    };
    let mut chart = ChartBuilder::on(area)
        .caption("Realized Sharpe ratio", (FONT, 20))
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(
            (0.9 * first.gamma..1.1 * last.gamma).log_scale(),
            (bottom - 0.2)..(top + 0.3),
        )?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc("Risk aversion gamma")
        .y_desc("Sharpe ratio, annual")
        .x_label_formatter(&|x| format!("{x}"))
        .axis_desc_style((FONT, 15))
        .label_style((FONT, 13))
        .y_label_formatter(&|y| format!("{y:.1}"))
        .draw()?;
    for (window, (name, color)) in WINDOWS.into_iter().enumerate() {
        let line = frontier.iter().map(|point| (point.gamma, point.sharpe[window]));
        chart
            .draw_series(LineSeries::new(line, color.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], color.stroke_width(2)));
    }
    let steps = path.points().map(|step| (step.gamma, step.sharpe));
    chart
        .draw_series(steps.map(|step| Circle::new(step, 4, PATH.stroke_width(2))))?
        .label("tuning of gamma")
        .legend(|(x, y)| Circle::new((x + 10, y), 4, PATH.stroke_width(2)));
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .label_font((FONT, 14))
        .background_style(WHITE)
        .draw()?;
    Ok(())
}
