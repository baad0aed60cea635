use zoo_v1::ZooService;
use zoo_v1::schemas::Animal;

pub async fn all(hub: &ZooService) -> zoo_v1::Result<Vec<Animal>> {
    let page = hub.animals().list().set_page_token("t").send().await?;
    Ok(page.animals.unwrap_or_default())
}
