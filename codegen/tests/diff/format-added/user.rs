use zoo_v1::schemas::Animal;

pub fn year(animal: &Animal) -> Option<&str> {
    animal.born.as_deref()?.get(..4)
}
