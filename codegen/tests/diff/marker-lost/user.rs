use google_apis_common::RequestValue;
use zoo_v1::schemas::Keeper;

/// A log of everything that is sent.
pub fn log<T: RequestValue + std::fmt::Debug>(body: &T) -> String {
    format!("{body:?}")
}

pub fn log_keeper(keeper: &Keeper) -> String {
    log(keeper)
}
