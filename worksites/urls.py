app_name = "worksites"
urlpatterns = []
