use zoo_v1::schemas::{Animal, Keeper};

pub fn entrust(animal: Animal, name: &str) -> Animal {
    animal.set_keeper(Keeper::default().set_name(name))
}
