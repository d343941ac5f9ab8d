from django.urls import path

from accounts.views import audit, people, posts, profile, units

app_name = "accounts"
urlpatterns = [
    path("units/", units.units, name="units"),
    path("units/-/new/", units.create_unit, name="create_unit"),
    path("units/<str:code>/", units.unit, name="unit"),
    path("units/<str:code>/change/", units.change_unit, name="change_unit"),
    path("units/<str:code>/close/", units.close_unit, name="close_unit"),
    path("units/-/district/", units.change_district, name="change_district"),
    path("people/", people.users, name="users"),
    path("people/-/new/", people.create_user, name="create_user"),
    path("people/<str:username>/", people.user, name="user"),
    path("people/<str:username>/change/", people.change_user, name="change_user"),
    path("people/<str:username>/password/", people.set_password, name="set_password"),
    path("people/<str:username>/lock/", people.lock_user, name="lock_user"),
    path("people/<str:username>/unlock/", people.unlock_user, name="unlock_user"),
    path("people/<str:username>/lift-lockout/", people.lift_lockout, name="lift_lockout"),
    path("people/<str:username>/new-post/", posts.create_post, name="create_post"),
    path("people/-/posts/<int:pk>/end/", posts.end_post, name="end_post"),
    path("people/-/posts/<int:pk>/hand-over/", posts.hand_over, name="hand_over"),
    path("audit/", audit.audit, name="audit"),
    path("profile/", profile.profile, name="profile"),
    path("profile/contact/", profile.change_profile, name="change_profile"),
    path("profile/new-key/", profile.create_token, name="create_token"),
    path("profile/keys/<int:pk>/revoke/", profile.revoke_token, name="revoke_token"),
    path("profile/post/", profile.switch_post, name="switch_post"),
]
