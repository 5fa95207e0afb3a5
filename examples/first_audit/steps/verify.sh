rapport verify fourth
