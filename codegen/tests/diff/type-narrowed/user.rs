use zoo_v1::runtime::Value;
use zoo_v1::schemas::Animal;

pub fn starve(mut animal: Animal) -> Animal {
    animal.diet = Some(Value::Bool(false));
    animal
}
