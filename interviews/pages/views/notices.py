"""The notices of the signed-in person, and how they want to be told."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import SignedInRequest
from editing.posted import whole_number
from interviews.models import Notice, NoticeSettings
from interviews.notices.telling import DELETED_AFTER
from interviews.pages.notice_forms import NoticeSettingsForm
from mail import outbox

NOTICES_MAX = 100


@require_GET
def notice_list(request: SignedInRequest) -> HttpResponse:
    """The newest ones. Each links to what it is about."""
    found = Notice.objects.visible_to(request.user).on_page()
    notices = list(found[:NOTICES_MAX])
    newest = max((notice.pk for notice in notices), default=0)
    context = {"notices": notices, "newest": newest, "unread_count": found.unread().count(), "most": NOTICES_MAX}
    context["days_max"] = DELETED_AFTER.days
    return render(request, "interviews/pages/notice_list.html", context)


@require_POST
def notice_read(request: SignedInRequest) -> HttpResponse:
    """Mark as read what was there when the list was opened: all up to `newest` that the reader may see."""
    newest = whole_number(request.POST.get("newest", "")) or 0
    seen = Notice.objects.visible_to(request.user).unread().filter(pk__lte=newest)
    Notice.objects.filter(pk__in=seen.values("pk")).update(read_at=timezone.now())
    return redirect("notice-list")


@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: SignedInRequest) -> HttpResponse:
    wants = NoticeSettings.objects.filter(user=request.user).first() or NoticeSettings(user=request.user)
    form = NoticeSettingsForm(request.POST or None, wants=wants)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("notice-list")
    context = {"form": form, "is_mail_sent": outbox.is_sent()}
    return render(request, "interviews/pages/notice_settings.html", context, status=422 if form.is_bound else 200)
