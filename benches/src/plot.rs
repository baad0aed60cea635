//! The plots: cost against the number of contacts, memory against the number of contacts.

use std::ops::Range;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use plotters::prelude::*;

const SIZE: (u32, u32) = (760, 460);

/// A line of a plot: its name and its points.
pub struct Line {
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

/// What a plot says about itself.
pub struct Words {
    pub title: &'static str,
    pub x: &'static str,
    pub y: &'static str,
}

/// Draws lines over axes that are both logarithmic.
pub fn draw(path: &Path, words: &Words, lines: &[Line]) -> Result<()> {
    let failed = |error: &dyn std::fmt::Display| anyhow!("cannot draw {}: {error}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let range = |of: fn(&(f64, f64)) -> f64| -> Range<f64> {
        let all = || lines.iter().flat_map(|line| &line.points).map(of);
        all().fold(f64::INFINITY, f64::min) * 0.8..all().fold(1.0, f64::max) * 1.25
    };
    let (x, y) = (range(|point| point.0), range(|point| point.1));
    let area = SVGBackend::new(path, SIZE).into_drawing_area();
    area.fill(&WHITE).map_err(|error| failed(&error))?;
    let mut chart = ChartBuilder::on(&area)
        .caption(words.title, ("sans-serif", 20))
        .margin(14)
        .x_label_area_size(44)
        .y_label_area_size(74)
        .build_cartesian_2d(x.log_scale(), y.log_scale())
        .map_err(|error| failed(&error))?;
    chart
        .configure_mesh()
        .x_desc(words.x)
        .y_desc(words.y)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| format!("{y:.0}"))
        .light_line_style(TRANSPARENT)
        .draw()
        .map_err(|error| failed(&error))?;
    for (index, line) in lines.iter().enumerate() {
        let color = Palette99::pick(index).stroke_width(2);
        chart
            .draw_series(LineSeries::new(line.points.iter().copied(), color))
            .map_err(|error| failed(&error))?
            .label(&line.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], color));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .border_style(BLACK)
        .background_style(WHITE)
        .draw()
        .map_err(|error| failed(&error))?;
    area.present().map_err(|error| failed(&error))
}
