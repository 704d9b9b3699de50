//! Weekly returns, read from two files of prices.

use std::error::Error;
use std::path::Path;

use cvxlayers::nalgebra::DMatrix;

/// Simple returns, a row a week and a column an asset.
pub struct Returns {
    pub names: Vec<String>,
    /// The last day of each week, as `YYYY-MM-DD`.
    pub dates: Vec<String>,
    pub values: DMatrix<f64>,
}

impl Returns {
    /// The weeks whose last day is in `from..until`; ISO dates and their prefixes compare as strings.
    pub fn between(&self, from: &str, until: &str) -> Self {
        let first = self.dates.partition_point(|date| date.as_str() < from);
        let last = self.dates.partition_point(|date| date.as_str() < until);
        Self {
            names: self.names.clone(),
            dates: self.dates[first..last].to_vec(),
            values: self.values.rows(first, last - first).into_owned(),
        }
    }

    /// The last day of the first week.
    pub fn first(&self) -> &str {
        self.dates.first().map_or("", String::as_str)
    }

    /// The last day of the last week.
    pub fn last(&self) -> &str {
        self.dates.last().map_or("", String::as_str)
    }

    pub fn weeks(&self) -> usize {
        self.values.nrows()
    }
}

/// Stocks, and the factors that explain them, in the same weeks.
pub struct Market {
    pub stocks: Returns,
    pub factors: Returns,
}

impl Market {
    /// Reads the data that comes with the example.
    pub fn read() -> Result<Self, Box<dyn Error>> {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let stocks = read_returns(&data.join("sp500_weekly.csv"))?;
        let factors = read_returns(&data.join("factors_weekly.csv"))?;
        if stocks.dates != factors.dates {
            return Err("stocks and factors are not of the same weeks".into());
        }
        Ok(Self { stocks, factors })
    }

    pub fn between(&self, from: &str, until: &str) -> Self {
        Self {
            stocks: self.stocks.between(from, until),
            factors: self.factors.between(from, until),
        }
    }
}

/// The model is fitted to `train`, its risk aversion is tuned on `validation`, and the result is judged on `test`.
pub struct Windows {
    pub train: Market,
    pub validation: Returns,
    pub test: Returns,
}

impl Windows {
    /// Three years, a year, and a year.
    pub fn of(market: &Market) -> Self {
        Self {
            train: market.between("2017-12", "2021"),
            validation: market.stocks.between("2021", "2022"),
            test: market.stocks.between("2022", "2023"),
        }
    }

    /// The stocks in the three windows.
    pub fn all(&self) -> [&Returns; 3] {
        [&self.train.stocks, &self.validation, &self.test]
    }
}

fn read_returns(path: &Path) -> Result<Returns, Box<dyn Error>> {
    let in_file = |error: csv::Error| format!("{}: {error}", path.display());
    let mut reader = csv::Reader::from_path(path).map_err(in_file)?;
    let names: Vec<String> = reader
        .headers()
        .map_err(in_file)?
        .iter()
        .skip(1)
        .map(String::from)
        .collect();
    let (mut dates, mut prices) = (Vec::new(), Vec::new());
    for row in reader.deserialize() {
        let (date, row): (String, Vec<f64>) = row.map_err(in_file)?;
        dates.push(date);
        prices.extend(row);
    }
    if dates.len() < 2 || !dates.is_sorted() {
        return Err(format!("{}: expected at least two weeks in order of time", path.display()).into());
    }
    let prices = DMatrix::from_row_slice(dates.len(), names.len(), &prices);
    let values = DMatrix::from_fn(dates.len() - 1, names.len(), |week, asset| {
        prices[(week + 1, asset)] / prices[(week, asset)] - 1.0
    });
    dates.remove(0);
    Ok(Returns { names, dates, values })
}
