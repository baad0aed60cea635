use zoo_v1::schemas::{Animal, Keeper};

pub fn entrust(mut animal: Animal, keeper: Keeper) -> Animal {
    animal.keeper = Some(keeper);
    animal
}
