use zoo_v1::Date;
use zoo_v1::schemas::Animal;

pub fn born(animal: &Animal) -> Option<Date> {
    animal.born.clone()
}
