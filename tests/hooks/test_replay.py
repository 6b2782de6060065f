"""What leads do with webhooks that run: secrets replaced, deliveries replayed; and what the worker does by itself: forgetting."""

from datetime import timedelta

from sqlalchemy import update

from app.core.clock import now
from app.core.secrets import reseal
from app.core.transaction import transaction
from app.hooks import take
from app.hooks.models import Delivery, Webhook
from app.hooks.prune import prune_deliveries
from app.hooks.replay import replay_after, replay_delivery
from app.hooks.secret import rotate_secret
from app.hooks.set_back import hook_by_new_clock
from app.hooks.spread import spread
from tests.given import Desk
from tests.hooks.receiver import NO, OK, Receiver, a_webhook, attempts, deliver, happen, moved, row, rows, some


async def test_while_rotating_both_secrets_sign_until_the_old_ones_end(desk: Desk, receiver: Receiver) -> None:
    made = await a_webhook(desk, receiver.url, types=["ticket.moved"])
    async with transaction() as tx:
        new = await rotate_secret(tx, desk.lead, made.webhook.id, overlap_hours=24)
    await happen(moved(desk.brand_id, "tk_a"))
    await deliver()
    assert [receiver.arrived[-1].signed_with(key) for key in (made.secret, new.secret)] == [True, True]
    async with transaction() as tx:
        await tx.execute(update(Webhook).values(old_until=now() - timedelta(seconds=1)))
    await happen(moved(desk.brand_id, "tk_a"))
    await deliver()
    assert [receiver.arrived[-1].signed_with(key) for key in (made.secret, new.secret)] == [False, True]
    webhook = await row(made.webhook.id)
    assert new.secret not in webhook.sealed
    assert reseal(webhook.sealed) is None


async def test_a_secret_that_no_key_opens_holds_up_nobody_else(desk: Desk, receiver: Receiver) -> None:
    broken = await a_webhook(desk, receiver.url + "broken", types=["ticket.moved"])
    await a_webhook(desk, receiver.url + "well", types=["ticket.moved"])
    async with transaction() as tx:
        await tx.execute(update(Webhook).where(Webhook.id == broken.webhook.id).values(sealed="no seal"))
    await happen(moved(desk.brand_id, "tk_a"))
    await deliver()
    assert [one.path for one in receiver.arrived] == ["/well"]


async def test_one_is_replayed_and_so_is_everything_after_a_number(desk: Desk, receiver: Receiver) -> None:
    await happen(*some(desk.brand_id, ["tk_a", "tk_b"], each=2))
    made = await a_webhook(desk, receiver.url, types=["ticket.moved"])
    await happen(moved(desk.brand_id, "tk_a"))
    await deliver()
    (first,) = await rows(made.webhook.id)
    async with transaction() as tx:
        assert (await replay_delivery(tx, desk.lead, made.webhook.id, first.id)).state == "waiting"
    await deliver()
    assert receiver.seqs() == [first.seq, first.seq]
    async with transaction() as tx:
        await replay_after(tx, desk.lead, made.webhook.id, after=0)
    await deliver()
    replayed = receiver.arrived[2:]
    assert len(replayed) == 5
    line = [one.seq for one in replayed if one.body["data"]["ticket_id"] == "tk_a"]
    assert line == sorted(line)
    assert len(await rows(made.webhook.id)) == 5


async def test_a_worker_that_lost_its_claim_writes_nothing_down(desk: Desk, receiver: Receiver) -> None:
    made = await a_webhook(desk, receiver.url, types=["ticket.moved"])
    await happen(moved(desk.brand_id, "tk_a"))

    async def slow(_: object) -> bytes:
        async with transaction() as tx:
            await tx.execute(update(Delivery).values(attempts=Delivery.attempts + 1))
        return OK

    receiver.answering = slow
    await deliver()
    assert [(one.state, one.tries) for one in await rows(made.webhook.id)] == [("waiting", 0)]
    assert await attempts() == []


async def test_the_log_is_forgotten_after_thirty_days_and_unfinished_work_never(desk: Desk, receiver: Receiver) -> None:
    made = await a_webhook(desk, receiver.url, types=["ticket.moved"])
    await happen(*some(desk.brand_id, ["tk_a", "tk_b", "tk_c"]))
    await deliver()
    ids = [one.id for one in await rows(made.webhook.id)]
    async with transaction() as tx:
        old = {"finished_at": now() - timedelta(days=31), "created_at": now() - timedelta(days=32)}
        await tx.execute(update(Delivery).where(Delivery.id == ids[0]).values(old))
        open_again = {"finished_at": None, "due_at": now(), "created_at": now() - timedelta(days=32)}
        await tx.execute(update(Delivery).where(Delivery.id == ids[1]).values(open_again))
    assert not await prune_deliveries()
    assert [one.id for one in await rows(made.webhook.id)] == ids[1:]
    assert len(await attempts()) == 2


async def test_a_clock_that_is_set_back_makes_nothing_wait(desk: Desk, receiver: Receiver) -> None:
    made = await a_webhook(desk, receiver.url, types=["ticket.moved"])
    await happen(moved(desk.brand_id, "tk_a"))
    receiver.answering = lambda _: NO
    await deliver()
    async with transaction() as tx:
        await tx.execute(update(Delivery).values(due_at=now() + timedelta(days=300)))
        await hook_by_new_clock(tx)
    receiver.answering = lambda _: OK
    await deliver()
    assert [one.state for one in await rows(made.webhook.id)] == ["delivered"]


async def test_work_costs_the_same_number_of_statements_for_one_and_for_many(
    desk: Desk, receiver: Receiver, statements: list[str]
) -> None:
    await a_webhook(desk, receiver.url, types=["ticket.moved"])
    counts = []
    for number in (1, 8):
        await happen(*some(desk.brand_id, [f"tk_{number}_{n}" for n in range(number)]))
        await spread()
        statements.clear()
        parcels = await take.take_due(8, 8, {})
        assert len(parcels) == number
        counts.append(len(statements))
        async with transaction() as tx:
            await tx.execute(update(Delivery).values(due_at=None))
    assert counts[0] == counts[1]
