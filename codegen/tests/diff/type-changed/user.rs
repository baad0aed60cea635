use zoo_v1::schemas::Animal;

pub fn legs(animals: &[Animal]) -> i32 {
    animals.iter().filter_map(|animal| animal.legs).sum()
}
