use zoo_v1::ZooService;
use zoo_v1::schemas::Animal;

pub async fn all(hub: &ZooService) -> zoo_v1::Result<Vec<Animal>> {
    let mut animals = Vec::new();
    let mut stream = hub.animals().list().stream();
    while let Some(animal) = stream.next().await {
        animals.push(animal?);
    }
    Ok(animals)
}
