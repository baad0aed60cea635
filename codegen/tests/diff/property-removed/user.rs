use zoo_v1::schemas::Animal;

pub fn is_insect(animal: &Animal) -> bool {
    animal.legs == Some(6)
}
