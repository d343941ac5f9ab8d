"""Samples: forms, new, with mistakes, and kept after a conflict."""

from __future__ import annotations

from typing import Any

from django import forms

from common.styleguide.words import LONG


class SampleForm(forms.Form):
    title = forms.CharField(
        label="一句话说问题",
        max_length=200,
        help_text="例如：厂区供电容量不足，影响新设备投产",
        error_messages={"required": "请用一句话写出问题"},
    )
    text = forms.CharField(label="把情况说清楚", widget=forms.Textarea, help_text="时间、地点、找过谁、对方怎么说。")
    phone = forms.RegexField(
        r"^\d{11}$",
        label="联系手机",
        help_text="只用于告诉您办理进度",
        error_messages={"invalid": "手机号应为 11 位"},
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    email = forms.EmailField(label="电子邮箱", required=False)
    unit = forms.ChoiceField(label="主办单位", choices=[("", "请选择"), ("1", "区水务局"), ("2", "临江经开区管委会")])
    until = forms.DateField(
        label="复查日", required=False, widget=forms.DateInput(attrs={"type": "date", "class": "input--short"})
    )
    urgency = forms.ChoiceField(
        label="最急到什么时候？",
        widget=forms.RadioSelect,
        choices=[("1", "三天内不解决，生产就要停"), ("2", "一个月内要解决"), ("3", "不急，但希望有个说法")],
        error_messages={"required": "请选一项"},
    )
    units = forms.MultipleChoiceField(
        label="协办单位", required=False, widget=forms.CheckboxSelectMultiple, choices=[("1", "区水务局"), ("2", LONG)]
    )
    public = forms.BooleanField(label="企业可见", required=False, help_text="企业在查进度的页面上读得到这段话")
    file = forms.FileField(label="证明材料", required=False, help_text="PDF、图片、办公文件，最大 20 MB")


class KeptForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label="您写的反馈", widget=forms.Textarea)


def samples() -> dict[str, Any]:
    wrong = SampleForm(
        {"title": "", "text": "厂区南门公交停运。", "phone": "1380000204", "unit": "1"}, auto_id="wrong_%s"
    )
    kept = KeptForm({"version": 7, "text": "经开区已会同供电公司完成踏勘，建议由滨港变出线。"}, auto_id="kept_%s")
    conflict = {
        "title": "您写的时候，何曼已更新了这件问题",
        "before": "您打开时（10:31）",
        "now": "现在（10:42，何曼 · 供电公司）",
        "changes": [
            {"label": "状态", "before": "协调中", "now": "办理中"},
            {"label": "接入方案", "before": "未定", "now": LONG},
        ],
    }
    return {"form": SampleForm(auto_id="new_%s"), "wrong": wrong, "kept": kept, "conflict": conflict}
